"""Snapshot and goal to plan, plan to proof of every intermediate state, proof to deed; and the way back."""
