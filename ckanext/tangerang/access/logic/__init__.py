"""Actions and checks of the plugin ``tangerang_access``."""
