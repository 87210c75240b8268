package dev.modelsigning.update;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.table.DigestTable;
import dev.modelsigning.internal.table.IntOrder;
import dev.modelsigning.model.StoredVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a run that signed a model found: a proof of each file's version. It has no digest of any
 * content, so whoever writes a record cannot have a digest signed that was not signed before.
 *
 * <p>Its form: {@link #MAGIC}, the SHA-256 of the signed payload, a message authentication code,
 * then the proofs in ascending order, 32 bytes each. The code (HMAC-SHA-256) covers the context,
 * which is not stored, the payload's hash and the proofs.
 *
 * @param payload the SHA-256 of the payload that was signed
 * @param proofs the proofs in ascending order, one after the other
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
record UpdateRecord(Bytes payload, byte[] proofs) {

  private static final byte[] MAGIC = "model-signing/r1".getBytes(StandardCharsets.US_ASCII);
  private static final int SIZE = 32;
  private static final int HEADER = MAGIC.length + 2 * SIZE;

  /** The proof that a file of this name has this version. */
  static byte[] proof(byte[] name, StoredVersion version) {
    MessageDigest digest = sha256();
    digest.update(version.text().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return digest.digest(name);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The number of proofs. */
  int count() {
    return proofs.length / SIZE;
  }

  /** Whether a file was found with this proof. */
  boolean has(byte[] proof) {
    int low = 0;
    int high = count() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int from = middle * SIZE;
      int order = Arrays.compareUnsigned(proofs, from, from + SIZE, proof, 0, SIZE);
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }

  /** Puts proofs, which were collected in any order, into a record. */
  static UpdateRecord of(Bytes payload, DigestTable collected) {
    int[] order =
        IntOrder.sorted(
            collected.count(), (row, other) -> collected.compare(row, collected, other));
    byte[] proofs = new byte[order.length * SIZE];
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(collected.get(order[i]), 0, proofs, i * SIZE, SIZE);
    }
    return new UpdateRecord(payload, proofs);
  }

  /**
   * The record as bytes.
   *
   * @param key authenticates it
   * @param context what it is for
   */
  byte[] toBytes(byte[] key, byte[] context) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(HEADER + proofs.length);
    out.writeBytes(MAGIC);
    out.writeBytes(payload.toArray());
    out.writeBytes(code(key, context, payload.toArray(), proofs));
    out.writeBytes(proofs);
    return out.toByteArray();
  }

  /**
   * Reads a record.
   *
   * @param key must have authenticated it
   * @param context what it must be for
   * @return empty if it is not the unchanged record of this key for this context
   */
  static Optional<UpdateRecord> read(byte[] bytes, byte[] key, byte[] context) {
    if (bytes.length < HEADER
        || (bytes.length - HEADER) % SIZE != 0
        || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return Optional.empty();
    }
    int code = MAGIC.length + SIZE;
    byte[] payload = Arrays.copyOfRange(bytes, MAGIC.length, code);
    byte[] proofs = Arrays.copyOfRange(bytes, HEADER, bytes.length);
    byte[] found = Arrays.copyOfRange(bytes, code, HEADER);
    return MessageDigest.isEqual(found, code(key, context, payload, proofs))
        ? Optional.of(new UpdateRecord(Bytes.of(payload), proofs))
        : Optional.empty();
  }

  private static byte[] code(byte[] key, byte[] context, byte[] payload, byte[] proofs) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      // Of a fixed length, so that the parts cannot be shifted.
      mac.update(sha256().digest(context));
      mac.update(payload);
      return mac.doFinal(proofs);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HMAC with SHA-256", e);
    }
  }
}
