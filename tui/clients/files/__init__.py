"""The project's files: ignore rules, the build context, snapshots of it, and watching it."""
