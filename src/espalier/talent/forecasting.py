"""The only caller of careerflows: comes with the part on talent."""
