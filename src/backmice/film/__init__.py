"""Films made from the project's own model: storyboards, narration, drawing, and what is printed about them."""
