"""Programs of our own that a plan may name (`@count`): each a script that is started alone.

They read standard input or the files they are given and write standard output.
Standard library only, few imports: their start-up is paid once a task. They may
import nothing of ours, for Python starts them isolated from it.
"""
