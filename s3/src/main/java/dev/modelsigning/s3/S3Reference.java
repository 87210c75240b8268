package dev.modelsigning.s3;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import java.util.regex.Pattern;

/**
 * Where something is in an object store: {@code s3://BUCKET/KEY}. A key is taken as it is; nothing
 * in it is decoded.
 *
 * @param bucket the name of the bucket
 * @param key the key of an object, or the prefix of keys without the slash at its end; empty for
 *     the whole bucket
 * @param directory whether it was written with a slash at its end, and can only be a prefix
 */
public record S3Reference(String bucket, String key, boolean directory) {

  private static final String SCHEME = "s3://";

  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /** The longest key in bytes, a limit of S3. */
  private static final int MAX_KEY = 1024;

  /**
   * Checks the names.
   *
   * @throws IllegalArgumentException if a bucket cannot have that name, or the key is not canonical
   */
  public S3Reference {
    if (!BUCKET.matcher(bucket).matches() || bucket.contains("..")) {
      throw new IllegalArgumentException(
          "expected the name of a bucket, 3 to 63 of a-z, 0-9, - and ., found "
              + Printable.quote(bucket));
    }
    String problem = key.isEmpty() ? null : CanonicalPath.problem(key);
    if (problem != null) {
      throw new IllegalArgumentException(
          "the key "
              + Printable.quote(key)
              + " "
              + problem
              + "; a model cannot be there, as its files would have no canonical paths (OMS 6.1.2)");
    }
    if (key.length() > MAX_KEY) {
      throw new IllegalArgumentException("the key is longer than " + MAX_KEY + " bytes");
    }
    directory = directory || key.isEmpty();
  }

  /** Whether a text names something in an object store. */
  public static boolean is(String text) {
    return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  /**
   * Parses a reference.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  public static S3Reference parse(String text) {
    if (!is(text)) {
      throw new IllegalArgumentException(
          "expected s3://BUCKET/PREFIX, found " + Printable.quote(text));
    }
    String rest = text.substring(SCHEME.length());
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    if (bucket.indexOf('@') >= 0) {
      // It is not shown, as it may be a secret.
      throw new IllegalArgumentException(
          "expected s3://BUCKET/PREFIX, found one with a user or a password; credentials come from"
              + " the environment only");
    }
    String key = slash < 0 ? "" : rest.substring(slash + 1);
    boolean directory = key.endsWith("/");
    return new S3Reference(bucket, directory ? key.substring(0, key.length() - 1) : key, directory);
  }

  /** The prefix of the keys below it. */
  String prefix() {
    return key.isEmpty() ? "" : key + "/";
  }

  /** The last component, or the bucket. */
  public String name() {
    return key.isEmpty() ? bucket : key.substring(key.lastIndexOf('/') + 1);
  }

  /** The reference of an object by its key, for display; the key need not be canonical. */
  String locate(String other) {
    return SCHEME + bucket + "/" + Printable.escape(other);
  }

  @Override
  public String toString() {
    return SCHEME + bucket + (key.isEmpty() ? "" : "/" + key) + (directory ? "/" : "");
  }
}
