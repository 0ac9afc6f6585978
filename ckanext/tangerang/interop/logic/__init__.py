"""Actions of the plugin ``tangerang_interop``."""
