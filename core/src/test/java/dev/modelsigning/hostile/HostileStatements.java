package dev.modelsigning.hostile;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/** Statements of any size; each makes another part large. */
public final class HostileStatements {

  private static final String DIGEST = "00".repeat(32);
  private static final String TYPE = "\"_type\":\"https://in-toto.io/Statement/v1\"";
  private static final String PREDICATE_TYPE =
      "\"predicateType\":\"https://model_signing/signature/v1.0\"";
  private static final String OLD_TYPE = "\"predicateType\":\"https://model_signing/Digests/v0.1\"";
  private static final String SERIALIZATION =
      "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false}";

  private HostileStatements() {}

  /** All kinds. */
  public static List<HostileInput> all() {
    return List.of(
        kind("resources", size -> resources(size, "f%07d"::formatted)),
        kind(
            "resources whose names have one hash code",
            size -> resources(size, HostileStatements::colliding)),
        kind(
            "resources whose names share a prefix of 2,000",
            size -> resources(size, i -> "p".repeat(2000) + i)),
        kind(
            "resources with paths 1,000 deep", size -> resources(size, i -> "a/".repeat(1000) + i)),
        kind("resources, each twice", size -> resources(size, i -> "f" + i / 2)),
        kind("resources in reverse order", size -> resources(size, i -> "f" + (9_999_999 - i))),
        kind("one name of a resource", size -> resource(text("n", size), "")),
        kind("one name of control characters", size -> resource(text("\\u0001", size), "")),
        kind("one name of surrogate pairs", size -> resource(text("\\ud83d\\ude00", size), "")),
        kind("one name with a deep path", size -> resource(text("a/", size) + "a", "")),
        kind("one digest", size -> statement(one("f", text("0", size)), SERIALIZATION, "")),
        kind("shards of one file", HostileStatements::shards),
        kind("shards, one name of colons and digits", HostileStatements::shardName),
        kind("ignored paths", size -> ignored(repeat(size, i -> "\"i" + i + "\""))),
        kind(
            "ignored paths with one hash code",
            size -> ignored(repeat(size, i -> "\"" + colliding(i) + "\""))),
        kind("one ignored path", size -> ignored("\"" + text("i/", size) + "i\"")),
        kind(
            "shard_size",
            size ->
                statement(
                    one("f:0:1", DIGEST),
                    "{\"method\":\"shards\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,"
                        + "\"shard_size\":"
                        + text("1", size)
                        + "}",
                    "")),
        kind(
            "fields of one resource",
            size -> resource("f", "," + fields(size, "x%07d"::formatted))),
        kind(
            "fields of one resource with one hash code",
            size -> resource("f", "," + fields(size, HostileStatements::colliding))),
        kind("depth below a resource", size -> resource("f", ",\"x\":" + deep(size))),
        kind(
            "an array in a resource",
            size -> resource("f", ",\"x\":[" + repeat(size, i -> "0") + "]")),
        kind("a number in a resource", size -> resource("f", ",\"x\":" + text("1", size))),
        kind("fields of the statement", size -> inStatement(fields(size, "x%07d"::formatted))),
        kind(
            "fields of the statement with one hash code",
            size -> inStatement(fields(size, HostileStatements::colliding))),
        kind("a string in the statement", size -> inStatement("\"x\":\"" + text("s", size) + "\"")),
        kind(
            "escapes in the statement",
            size -> inStatement("\"x\":\"" + text("\\u0041", size) + "\"")),
        kind("white space in the statement", size -> inStatement(text(" ", size) + "\"x\":1")),
        kind("one name of a field", size -> inStatement("\"" + text("x", size) + "\":1")),
        kind("subjects", size -> subjects(repeat(size, i -> subject("m" + i, "")))),
        kind("the subject's name", size -> subjects(subject(text("s", size), ""))),
        kind(
            "the subject's digests",
            size -> subjects(subject("m", "," + repeat(size, i -> "\"a" + i + "\":\"00\"")))),
        kind("files of the old form", size -> old(repeat(size, i -> subject("f" + i, "")))),
        kind(
            "files of the old form with one hash code",
            size -> old(repeat(size, i -> subject(colliding(i), "")))),
        kind(
            "annotations of the old form",
            size ->
                old(
                    subject("f", "")
                        .replaceFirst(
                            "}$", ",\"annotations\":{" + fields(size, i -> "x" + i) + "}}"))),
        kind(
            "bytes of the old form that are escaped",
            size -> old(subject(text("\u00e4", size), ""))));
  }

  private static HostileInput kind(String name, LongFunction<String> maker) {
    return new HostileInput(name, size -> maker.apply(size).getBytes(StandardCharsets.UTF_8));
  }

  /** A text repeated up to a size. */
  static String text(String unit, long size) {
    return unit.repeat((int) Math.max(1, size / unit.length()));
  }

  /** Different texts with commas between them, up to a size. */
  static String repeat(long size, IntFunction<String> element) {
    StringBuilder all = new StringBuilder((int) size + 5000);
    for (int i = 0; i == 0 || all.length() < size; i++) {
      all.append(i == 0 ? "" : ",").append(element.apply(i));
    }
    return all.toString();
  }

  /** Members of an object, up to a size. */
  static String fields(long size, IntFunction<String> name) {
    return repeat(size, i -> "\"" + name.apply(i) + "\":0");
  }

  static String deep(long size) {
    return "[".repeat((int) size / 2) + "]".repeat((int) size / 2);
  }

  /** Different texts of which {@link String#hashCode} is the same. */
  static String colliding(int number) {
    StringBuilder name = new StringBuilder(24);
    for (int bit = 0; bit < 24; bit++) {
      name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return name.toString();
  }

  private static String resources(long size, IntFunction<String> name) {
    return statement(repeat(size, i -> one(name.apply(i), DIGEST)), SERIALIZATION, "");
  }

  private static String resource(String name, String more) {
    return statement(
        "{\"name\":\""
            + name
            + "\",\"algorithm\":\"sha256\",\"digest\":\""
            + DIGEST
            + "\""
            + more
            + "}",
        SERIALIZATION,
        "");
  }

  private static String one(String name, String digest) {
    return "{\"name\":\"" + name + "\",\"algorithm\":\"sha256\",\"digest\":\"" + digest + "\"}";
  }

  private static String shards(long size) {
    return statement(
        repeat(size, i -> one("f:" + i + ":" + (i + 1), DIGEST)),
        "{\"method\":\"shards\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,\"shard_size\":1}",
        "");
  }

  private static String shardName(long size) {
    return statement(
        one(text(":1", size) + ":0:1x", DIGEST),
        "{\"method\":\"shards\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,\"shard_size\":1}",
        "");
  }

  private static String ignored(String paths) {
    return statement(
        one("f", DIGEST),
        "{\"method\":\"files\",\"hash_type\":\"sha256\",\"allow_symlinks\":false,\"ignore_paths\":["
            + paths
            + "]}",
        "");
  }

  private static String inStatement(String more) {
    return statement(one("f", DIGEST), SERIALIZATION, "," + more);
  }

  /** A statement whose root digest is right if all digests are the one of zeros. */
  private static String statement(String resources, String serialization, String more) {
    int number = 0;
    for (int i = resources.indexOf(DIGEST); i >= 0; i = resources.indexOf(DIGEST, i + 64)) {
      number++;
    }
    return "{"
        + TYPE
        + ",\"subject\":["
        + subject("model", "").replace(DIGEST, rootDigest(number))
        + "],"
        + PREDICATE_TYPE
        + ",\"predicate\":{\"resources\":["
        + resources
        + "],\"serialization\":"
        + serialization
        + "}"
        + more
        + "}";
  }

  private static String rootDigest(int number) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] zeros = new byte[32];
      for (int i = 0; i < number; i++) {
        digest.update(zeros);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String subjects(String subjects) {
    return "{"
        + TYPE
        + ",\"subject\":["
        + subjects
        + "],"
        + PREDICATE_TYPE
        + ",\"predicate\":{\"resources\":["
        + one("f", DIGEST)
        + "],\"serialization\":"
        + SERIALIZATION
        + "}}";
  }

  private static String old(String subjects) {
    return "{" + TYPE + ",\"subject\":[" + subjects + "]," + OLD_TYPE + ",\"predicate\":{}}";
  }

  private static String subject(String name, String digests) {
    return "{\"name\":\"" + name + "\",\"digest\":{\"sha256\":\"" + DIGEST + "\"" + digests + "}}";
  }
}
