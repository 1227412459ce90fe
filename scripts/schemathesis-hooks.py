"""What scripts/test-api adds to schemathesis."""

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """Leaves schemathesis the token that it calls with: it finds it in the list of tokens."""
    if case.method.upper() == "DELETE" and case.path_parameters.get("name") == "test-api":
        case.path_parameters["name"] = "another"
