"""Grammars that Lark reads, rules named as the AST classes; no Python beside this line."""
