"""How what stands in the ward comes into the inventory: asked, recognised, proposed, written once a person agrees."""
