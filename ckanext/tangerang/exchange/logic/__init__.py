"""Actions and auth functions of the plugin ``tangerang_exchange``."""
