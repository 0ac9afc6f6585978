"""Actions and auth functions of the plugin ``tangerang_workbook``."""
