"""The account of a replay, worked out from jobs and runs alone: waits, why, and where every chip-second went."""
