"""Rules of the organisation: values in, values out."""
