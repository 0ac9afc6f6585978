"""Actions, authorization and schemas of the plugin ``tangerang_review``."""
