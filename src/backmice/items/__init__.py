"""Items and quizzes: what is asked, what is credited, and how a response is scored."""
