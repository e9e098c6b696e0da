"""What is made of an article's blocks: text, Markdown, images with their captions, columns."""
