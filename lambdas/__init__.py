"""The Lambda entry point: event -> runtime -> response, and nothing else; never imports leashc."""
