package dev.modelsigning.oci.internal.registry;

/** How a referrer is made to be found. */
public enum AttachMode {
  /** By the registry's referrers API, or else by the fallback tag. */
  AUTO,
  /** By the registry's referrers API; a registry without it is refused. */
  REFERRERS,
  /** By the fallback tag, also where there is the API. */
  TAG
}
