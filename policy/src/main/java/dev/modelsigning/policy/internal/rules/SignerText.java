package dev.modelsigning.policy.internal.rules;

import dev.modelsigning.policy.problem.Place;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A signer, as a policy describes it. Files are resolved, and none of them was opened. */
public sealed interface SignerText {

  /** The name in the policy. */
  String name();

  /** Where it is. */
  Place place();

  /** The files that it needs, with their places. */
  List<TrustFile> trustFiles();

  /** The files that it needs. */
  default List<Path> files() {
    return trustFiles().stream().map(TrustFile::path).toList();
  }

  /**
   * The owner of a key.
   *
   * @param publicKeys the public keys, any of which is theirs; at least one
   * @param timestamps certificates of Time Stamping Authorities, which prove times
   */
  record Key(
      String name,
      Place place,
      List<TrustFile> trustFiles,
      List<Path> publicKeys,
      List<Path> timestamps)
      implements SignerText {

    /** Copies the lists. */
    public Key {
      trustFiles = List.copyOf(trustFiles);
      publicKeys = List.copyOf(publicKeys);
      timestamps = List.copyOf(timestamps);
    }
  }

  /**
   * The owner of a certificate.
   *
   * @param identities the accepted names; any if empty
   * @param fingerprints the accepted certificates, by SHA-256; any if empty
   * @param trust the trust anchors
   * @param timestamps certificates of Time Stamping Authorities, which prove times
   * @param revocation whether revocation is checked
   * @param revocationLists files with CRLs
   */
  record Certificate(
      String name,
      Place place,
      List<TrustFile> trustFiles,
      List<String> identities,
      List<String> fingerprints,
      List<Path> trust,
      List<Path> timestamps,
      Revocation revocation,
      List<Path> revocationLists)
      implements SignerText {

    /** Copies the lists. */
    public Certificate {
      trustFiles = List.copyOf(trustFiles);
      identities = List.copyOf(identities);
      fingerprints = List.copyOf(fingerprints);
      trust = List.copyOf(trust);
      timestamps = List.copyOf(timestamps);
      revocationLists = List.copyOf(revocationLists);
    }
  }

  /**
   * A file that a signer needs.
   *
   * @param path the file, resolved
   * @param place where the policy names it
   */
  record TrustFile(Path path, Place place) {}

  /** Whether revocation is checked. */
  enum Revocation {
    /** It is not, unless there are revocation lists. */
    NOT_CHECKED,
    /** It is, with lists or online, and an unknown status is a refusal. */
    REQUIRED,
    /** It is, and an unknown status is accepted with a warning. */
    IF_KNOWN
  }

  /**
   * An identity that an OpenID provider authenticates.
   *
   * @param identity the identity, compared exactly; empty if there is an expression
   * @param identityRegexp an expression for the whole identity, in the syntax of RE2
   * @param issuer the provider, compared exactly
   * @param trustedRoot the trusted root; empty for that of the public instance
   */
  record Keyless(
      String name,
      Place place,
      List<TrustFile> trustFiles,
      Optional<String> identity,
      Optional<String> identityRegexp,
      String issuer,
      Optional<Path> trustedRoot)
      implements SignerText {

    /** Copies the list. */
    public Keyless {
      trustFiles = List.copyOf(trustFiles);
    }
  }
}
