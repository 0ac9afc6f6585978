"""Auth functions and validators of the plugin ``tangerang_opd``."""
