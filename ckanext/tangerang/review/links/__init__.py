"""Links as files of published records: whether what they lead to has changed."""
