"""The rules of the reducer: for each kind of event the state after it, by subject. Pure."""
