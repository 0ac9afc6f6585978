"""Commands that ask the resolver."""
