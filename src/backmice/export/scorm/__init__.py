"""A quiz or a lesson as a SCORM package: `package` writes it, the modules beside it run in the learner's browser."""
