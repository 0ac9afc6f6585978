"""Commands that plan and apply changes of the registry."""
