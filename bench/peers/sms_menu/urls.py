# mypy: disable-error-code="import-not-found"
"""Where texts come in."""

from django.urls import path
from rapidsms.backends.http.views import GenericHttpBackendView

urlpatterns = [path("sms", GenericHttpBackendView.as_view(backend_name="carrier"))]
