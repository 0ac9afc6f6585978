"""Workbooks (XLSX) of the BPS forms, out and in (plugin ``tangerang_workbook``)."""
