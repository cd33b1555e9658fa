"""The forms in which a report leaves the house: PDF, workbook, charts; all in Chinese."""
