"""A judge that needs no key: rules over speech acts. PURE but for the interface's await."""
