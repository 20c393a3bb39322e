"""SQL-on-FHIR views: read, their meaning in plain Python, and compiled to typed SQL.

Source: HL7 SQL on FHIR v2, ViewDefinition. What of it is done is in docs/reference/sql-on-fhir.md.
"""

from wholerecord.research.views.compile import compile_view
from wholerecord.research.views.reading import read_view
from wholerecord.research.views.reference import rows_of_view
from wholerecord.research.views.run import Resources
from wholerecord.research.views.view import BadView, View

__all__ = ["BadView", "Resources", "View", "compile_view", "read_view", "rows_of_view"]
