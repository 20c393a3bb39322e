"""The one place that chooses drivers and joins the parts."""
