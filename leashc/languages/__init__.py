"""The languages inside commands: from text to AST. What a program means is for operators."""
