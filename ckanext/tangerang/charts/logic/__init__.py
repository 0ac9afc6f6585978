"""Actions, auth functions and schemas of the plugin ``tangerang_charts``."""
