package dev.modelsigning.sigstore.internal.log;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.sigstore.TestSigstore;
import dev.modelsigning.sigstore.internal.data.Sha256;
import dev.modelsigning.testing.Forge;
import dev.modelsigning.testing.RepeatableSignatures;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/** A transparency log with real trees, checkpoints and promises, in memory. */
public final class TestLog {

  /** Entries that others made before, so that proofs have hashes and indexes differ. */
  private static final int EARLIER = 5;

  private final String origin;
  private final KeyPair keys;
  private final byte[] keyId;
  private final long firstIndex;
  private final List<Bytes> leaves = new ArrayList<>();

  /** What the log signs as its checkpoint instead of the true one. */
  public UnaryOperator<String> checkpoints = UnaryOperator.identity();

  /** Stated in place of the time of an entry, if not null. */
  public Long integratedTime;

  private TestLog(String origin, KeyPair keys, byte[] keyId, long firstIndex) {
    this.origin = origin;
    this.keys = keys;
    this.keyId = keyId;
    this.firstIndex = firstIndex;
    for (int i = 0; i < EARLIER; i++) {
      leaves.add(MerkleTree.leafHash(bytes(origin + i)));
    }
  }

  /** A log like Rekor v1: a key on P-256, promises with a time, indexes over several trees. */
  public static TestLog version1(String origin) {
    return version1(origin, TestSigstore.ecKeys());
  }

  public static TestLog version1(String origin, KeyPair keys) {
    byte[] keyId = Sha256.of(Bytes.of(keys.getPublic().getEncoded()));
    return new TestLog(origin, keys, keyId, 1000);
  }

  /** A log like Rekor v2: an Ed25519 key, checkpoints only. */
  public static TestLog version2(String origin) {
    return version2(origin, TestSigstore.keys("Ed25519"));
  }

  public static TestLog version2(String origin, KeyPair keys) {
    byte[] encoded = keys.getPublic().getEncoded();
    ByteArrayOutputStream id = new ByteArrayOutputStream();
    id.writeBytes(origin.getBytes(StandardCharsets.UTF_8));
    id.writeBytes(new byte[] {'\n', 1});
    id.writeBytes(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    return new TestLog(origin, keys, Sha256.of(Bytes.of(id.toByteArray())), 0);
  }

  private boolean isVersion2() {
    return firstIndex == 0;
  }

  String keyId() {
    return base64(keyId);
  }

  /** This log in a trusted root. */
  public String trusted(String validFor) {
    return "{\"baseUrl\":\"http://"
        + origin
        + "\",\"hashAlgorithm\":\"SHA2_256\",\"publicKey\":{\"rawBytes\":\""
        + base64(keys.getPublic().getEncoded())
        + "\",\"keyDetails\":\""
        + (isVersion2() ? "PKIX_ED25519" : "PKIX_ECDSA_P256_SHA_256")
        + "\",\"validFor\":"
        + validFor
        + "},\"logId\":{\"keyId\":\""
        + keyId()
        + "\"}}";
  }

  /** Takes an entry and hands out the proof, as JSON of a bundle. */
  public synchronized String add(String kind, String version, String body, Instant time) {
    leaves.add(MerkleTree.leafHash(bytes(body)));
    return entry(kind, version, body, time, origin + " - 42", origin);
  }

  /** The entry that was taken last, under other names. */
  public synchronized String entry(
      String kind, String version, String body, Instant time, String noteOrigin, String keyName) {
    int index = leaves.size() - 1;
    String root = base64(root(leaves).toArray());
    String text = checkpoints.apply(noteOrigin + "\n" + leaves.size() + "\n" + root + "\n");
    long logIndex = firstIndex + index;
    return new String(
        JsonWriter.document(json -> {
          json.string("logIndex", Long.toString(logIndex))
              .object("logId", id -> id.string("keyId", keyId()))
              .object("kindVersion", k -> k.string("kind", kind).string("version", version));
          if (!isVersion2()) {
            json.string("integratedTime", Long.toString(seconds(time)))
                .object(
                    "inclusionPromise",
                    promise ->
                        promise.string(
                            "signedEntryTimestamp", base64(sign(promise(body, time, logIndex)))));
          }
          json.object(
                  "inclusionProof",
                  proof ->
                      proof
                          .string("logIndex", Integer.toString(index))
                          .string("rootHash", root)
                          .string("treeSize", Integer.toString(leaves.size()))
                          .array(
                              "hashes",
                              hashes ->
                                  path(index, leaves)
                                      .forEach(hash -> hashes.string(base64(hash.toArray()))))
                          .object(
                              "checkpoint",
                              checkpoint -> checkpoint.string("envelope", note(text, keyName))))
              .string("canonicalizedBody", Forge.base64(body));
        }),
        StandardCharsets.UTF_8);
  }

  private long seconds(Instant time) {
    return integratedTime == null ? time.getEpochSecond() : integratedTime;
  }

  private byte[] promise(String body, Instant time, long logIndex) {
    return JsonWriter.document(json ->
        json.string("body", Forge.base64(body))
            .integer("integratedTime", seconds(time))
            .string("logID", HexFormat.of().formatHex(keyId))
            .integer("logIndex", logIndex));
  }

  private String note(String text, String keyName) {
    ByteArrayOutputStream signature = new ByteArrayOutputStream();
    signature.write(keyId, 0, 4);
    signature.writeBytes(sign(text.getBytes(StandardCharsets.UTF_8)));
    return text + "\n\u2014 " + keyName + " " + base64(signature.toByteArray()) + "\n";
  }

  private byte[] sign(byte[] message) {
    return sign(isVersion2() ? "Ed25519" : "SHA256withECDSA", keys.getPrivate(), message);
  }

  public static byte[] sign(String algorithm, PrivateKey key, byte[] message) {
    return RepeatableSignatures.sign(algorithm, key, message);
  }

  /** The root of a tree, by its definition (RFC 9162 2.1.1). */
  static Bytes root(List<Bytes> hashes) {
    if (hashes.size() == 1) {
      return hashes.get(0);
    }
    int split = Integer.highestOneBit(hashes.size() - 1);
    return MerkleTree.nodeHash(
        root(hashes.subList(0, split)), root(hashes.subList(split, hashes.size())));
  }

  /** An inclusion proof, by its definition (RFC 9162 2.1.3.1). */
  static List<Bytes> path(int index, List<Bytes> hashes) {
    if (hashes.size() == 1) {
      return List.of();
    }
    int split = Integer.highestOneBit(hashes.size() - 1);
    List<Bytes> left = hashes.subList(0, split);
    List<Bytes> right = hashes.subList(split, hashes.size());
    List<Bytes> path =
        new ArrayList<>(index < split ? path(index, left) : path(index - split, right));
    path.add(index < split ? root(right) : root(left));
    return path;
  }

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
