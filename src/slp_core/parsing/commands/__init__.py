"""One file a show command, or a few that print the same: its model, its marks, its signature.

Here live descriptions of outputs and nothing else; how they are read is the engine's business.
"""
