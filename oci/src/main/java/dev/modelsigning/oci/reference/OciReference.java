package dev.modelsigning.oci.reference;

import dev.modelsigning.internal.json.Printable;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an artifact in a registry: {@code oci://HOST[:PORT]/REPOSITORY:TAG}, or with {@code
 * @sha256:DIGEST} in place of the tag or after it (OCI distribution specification, "Pulling
 * manifests"). If both are there, the digest says what is meant.
 */
public final class OciReference {

  /** How a reference is written, for messages. */
  public static final String FORM =
      "oci://HOST[:PORT]/REPOSITORY:TAG or oci://HOST[:PORT]/REPOSITORY@sha256:DIGEST";

  private static final String SCHEME = "oci://";

  /** Of the whole text; hosts with repositories have at most 255. */
  private static final int MAX_LENGTH = 1024;

  /** Of host and repository together, as clients and registries have it. */
  private static final int MAX_NAME = 255;

  private static final int MAX_PORT = 65_535;

  private static final Pattern HOST =
      Pattern.compile(
          "(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,126}"
              + "|\\[[0-9a-f:.]{2,45}\\])(?::([0-9]{1,5}))?");

  /** OCI distribution specification, "Pulling manifests". */
  private static final Pattern REPOSITORY =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");

  private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");

  private final String registry;
  private final String repository;
  private final @Nullable String tag;
  private final @Nullable OciDigest digest;

  private OciReference(
      String registry, String repository, @Nullable String tag, @Nullable OciDigest digest) {
    this.registry = registry;
    this.repository = repository;
    this.tag = tag;
    this.digest = digest;
  }

  /** Whether a text names something in a registry, well-formed or not: it starts with oci://. */
  public static boolean isOci(String text) {
    return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /**
   * Reads a reference.
   *
   * @throws IllegalArgumentException if it is malformed, has neither tag nor digest, or has a user
   *     or password; the message says what is expected, and shows no password
   */
  public static OciReference parse(String text) {
    if (!isOci(text)) {
      throw new IllegalArgumentException("expected " + FORM);
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a reference has at most " + MAX_LENGTH + " characters; expected " + FORM);
    }
    String rest = text.substring(SCHEME.length());
    int slash = rest.indexOf('/');
    String authority = (slash < 0 ? rest : rest.substring(0, slash)).toLowerCase(Locale.ROOT);
    // What follows another at sign than that of a digest is a host, and before it is a password,
    // which may have a slash in it.
    int at = rest.lastIndexOf('@');
    boolean hasDigest = at > slash && slash >= 0 && rest.startsWith("sha", at + 1);
    if (at >= 0 && (!hasDigest || rest.indexOf('@') != at)) {
      throw new IllegalArgumentException(
          "a reference has no user and no password, and an at sign only before a digest; log in"
              + " with 'docker login' or 'podman login', and write "
              + FORM);
    }
    requireHost(authority);
    if (slash < 0) {
      throw malformed("the repository is missing", text);
    }
    String name = hasDigest ? rest.substring(slash + 1, at) : rest.substring(slash + 1);
    int colon = name.indexOf(':');
    String repository = colon < 0 ? name : name.substring(0, colon);
    String tag = colon < 0 ? null : name.substring(colon + 1);
    if (authority.length() + 1 + repository.length() > MAX_NAME) {
      throw malformed("host and repository have at most " + MAX_NAME + " characters", text);
    }
    if (!REPOSITORY.matcher(repository).matches()) {
      throw malformed(
          "a repository has lower-case letters, digits, single separators (. _ __ -), and slashes"
              + " between its parts",
          text);
    }
    if (tag != null && !TAG.matcher(tag).matches()) {
      throw malformed(
          "a tag has at most 128 letters, digits and . _ -, and does not start with . or -", text);
    }
    OciDigest digest = hasDigest ? digest(rest.substring(at + 1), text) : null;
    if (tag == null && digest == null) {
      throw malformed("name a tag or a digest", text);
    }
    return new OciReference(authority, repository, tag, digest);
  }

  private static OciDigest digest(String digest, String text) {
    try {
      return OciDigest.parse(digest);
    } catch (IllegalArgumentException e) {
      throw malformed(String.valueOf(e.getMessage()), text);
    }
  }

  private static void requireHost(String authority) {
    Matcher host = HOST.matcher(authority);
    if (!host.matches()) {
      // Not shown, as it may be a user and a password.
      throw new IllegalArgumentException("the host is missing or malformed; expected " + FORM);
    }
    String port = host.group(1);
    if (port != null && (Integer.parseInt(port) < 1 || Integer.parseInt(port) > MAX_PORT)) {
      throw new IllegalArgumentException(
          "a port is between 1 and " + MAX_PORT + "; expected " + FORM);
    }
  }

  private static IllegalArgumentException malformed(String problem, String text) {
    // Whoever writes a query or a fragment may have a token in it.
    String shown = text.replaceFirst("[?#].*", "...");
    return new IllegalArgumentException(
        problem + "; expected " + FORM + ", found " + Printable.quote(shown));
  }

  /** The host in lower case, with the port if one is named. */
  public String registry() {
    return registry;
  }

  /** The repository, as in {@code team/model}. */
  public String repository() {
    return repository;
  }

  /** The tag. */
  public Optional<String> tag() {
    return Optional.ofNullable(tag);
  }

  /** The digest of the manifest. */
  public Optional<OciDigest> digest() {
    return Optional.ofNullable(digest);
  }

  /** The same repository, without a tag, at another digest. */
  public OciReference at(OciDigest other) {
    return new OciReference(registry, repository, null, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OciReference that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  /** The reference as it is written, with the host in lower case. */
  @Override
  public String toString() {
    return SCHEME
        + registry
        + "/"
        + repository
        + (tag == null ? "" : ":" + tag)
        + (digest == null ? "" : "@" + digest);
  }
}
