"""Where the frameworks of the outside touch the organisation."""
