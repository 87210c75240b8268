package dev.modelsigning.internal.file;

/** The purpose of a small file, with its largest size. */
public enum FileKind {
  /** A signature file. It is often part of an untrusted model, so it may never be a pipe. */
  BUNDLE("signature file", 256 * 1024 * 1024, true),
  /** Claims about models. They are often downloaded, so they may never be a pipe. */
  CLAIMS("claims file", 256 * 1024 * 1024, true),
  /** Time stamps of a signature file, which lie beside it. */
  TIMESTAMPS("file with time stamps", 4 * 1024 * 1024, true),
  /** A private or public key. */
  KEY("key file", 1024 * 1024, false),
  /** A key store (PKCS #12 or JKS). */
  KEY_STORE("key store", 16 * 1024 * 1024, false),
  /** Certificates: large enough for those of all public authorities. */
  CERTIFICATES("file with certificates", 16 * 1024 * 1024, false),
  /** Certificate revocation lists (CRLs). */
  REVOCATION_LIST("revocation list", 256 * 1024 * 1024, false),
  /** A password. */
  PASSWORD("file with a password", 64 * 1024, false),
  /** The PIN of a token. */
  PIN("file with a PIN", 1024, false),
  /** A token for a service that holds keys. */
  SERVICE_TOKEN("file with a token", 64 * 1024, false),
  /** An identity token (JWT). */
  IDENTITY_TOKEN("file with an identity token", 64 * 1024, false),
  /**
   * A trusted root or a client trust configuration of Sigstore; the public ones have about 10 KiB.
   */
  TRUST_CONFIG("file with a trusted root", 4 * 1024 * 1024, false),
  /** Credentials for OCI registries, as docker and podman have them. */
  REGISTRY_CREDENTIALS("file with credentials for registries", 1024 * 1024, false),
  /** The first root of a TUF repository. */
  TUF_ROOT("root of a trust repository", 1024 * 1024, false),
  /** A cached file of a TUF repository, or another file that this program wrote. */
  CACHE("file of the cache", 64 * 1024 * 1024, true),
  /** A policy for models. It decides, so it may not be a pipe, which is read only once. */
  POLICY("policy", 1024 * 1024, true),
  /** The predicate of an attestation. */
  PREDICATE("predicate", 16 * 1024 * 1024, false),
  /** The configuration of a PKCS #11 module (p11-kit). */
  MODULE_CONFIGURATION("configuration of a PKCS #11 module", 64 * 1024, true);

  private final String description;
  private final int maxSize;
  private final boolean regularOnly;

  FileKind(String description, int maxSize, boolean regularOnly) {
    this.description = description;
    this.maxSize = maxSize;
    this.regularOnly = regularOnly;
  }

  /** The largest size, in bytes. */
  public int maxSize() {
    return maxSize;
  }

  /** Its name in messages. */
  String description() {
    return description;
  }

  /** Whether it must be a regular file, because no user passes it through a pipe. */
  boolean regularOnly() {
    return regularOnly;
  }
}
