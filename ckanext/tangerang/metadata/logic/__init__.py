"""Actions and validators of the plugin ``tangerang_metadata``."""
