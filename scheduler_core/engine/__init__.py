"""From a submission to its outcome: lanes, dispatch, attempts, completion, events."""
