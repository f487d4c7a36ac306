"""A quiz as a SCORM package: `package` writes it, the modules beside it run in the learner's browser."""
