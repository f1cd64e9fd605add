"""Send what happens on boards to those who watch them: as it happens, or from where they were."""
