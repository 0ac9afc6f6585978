"""Action, auth and schema of the plugin ``tangerang_search``."""
