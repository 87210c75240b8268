package dev.modelsigning.oci.reference;

/** How what is attached to a model is found (OCI distribution specification, "Referrers"). */
public enum AttachMode {
  /** By the registry's API if it has one, otherwise by the fallback tag. */
  AUTO,
  /** By the registry's API, and not at all if it has none. */
  REFERRERS,
  /** By the fallback tag, whether the registry has the API or not. */
  TAG
}
