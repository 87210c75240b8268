package dev.modelsigning.sigstore.internal.log;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.sigstore.internal.trust.TrustedLog;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A statement that a log signed about its tree (C2SP tlog-checkpoint, signed-note).
 *
 * @param origin the name of the log
 * @param treeSize the number of leaves
 * @param rootHash the hash over all leaves
 * @param text the text that is signed
 * @param signatures the signatures of the log and of others, in order
 */
record Checkpoint(
    String origin, long treeSize, Bytes rootHash, String text, List<NoteSignature> signatures) {

  private static final String SIGNATURE_PREFIX = "\u2014 ";
  private static final int KEY_HINT_LENGTH = 4;
  private static final int MAX_SIGNATURES = 100;

  /**
   * A log signs once; more signatures are additional work for the verifier. Some are permitted, as
   * the key may change, and key hints may collide by chance.
   */
  private static final int MAX_BY_ONE_KEY = 4;

  Checkpoint {
    signatures = List.copyOf(signatures);
  }

  /**
   * A signature under a note.
   *
   * @param keyHint the first bytes of the key's identifier
   * @param signature the signature itself
   */
  record NoteSignature(Bytes keyHint, Bytes signature) {}

  /**
   * Parses a checkpoint.
   *
   * @throws IllegalArgumentException if it is malformed; the message gives the reason
   */
  static Checkpoint parse(String note) {
    int end = note.lastIndexOf("\n\n");
    if (end < 0 || !note.endsWith("\n")) {
      throw new IllegalArgumentException("it is not a signed note");
    }
    String text = note.substring(0, end + 1);
    String[] lines = text.split("\n", -1);
    if (lines.length < 4 || lines[0].isEmpty()) {
      throw new IllegalArgumentException("it lacks origin, tree size or root hash");
    }
    if (!lines[1].matches("0|[1-9][0-9]{0,17}")) {
      throw new IllegalArgumentException("its tree size is not a number");
    }
    return new Checkpoint(
        lines[0],
        Long.parseLong(lines[1]),
        Bytes.of(Base64.getDecoder().decode(lines[2])),
        text,
        signatures(note.substring(end + 2)));
  }

  private static List<NoteSignature> signatures(String block) {
    List<NoteSignature> signatures = new ArrayList<>();
    for (String line : block.split("\n", MAX_SIGNATURES + 2)) {
      if (line.isEmpty()) {
        continue;
      }
      int space = line.lastIndexOf(' ');
      if (!line.startsWith(SIGNATURE_PREFIX) || space < SIGNATURE_PREFIX.length()) {
        throw new IllegalArgumentException("a line of signatures is damaged");
      }
      byte[] content = Base64.getDecoder().decode(line.substring(space + 1));
      if (content.length <= KEY_HINT_LENGTH) {
        throw new IllegalArgumentException("a signature is too short");
      }
      if (signatures.size() == MAX_SIGNATURES) {
        throw new IllegalArgumentException(
            "expected at most " + MAX_SIGNATURES + " signatures, found more");
      }
      signatures.add(
          new NoteSignature(
              Bytes.of(Arrays.copyOf(content, KEY_HINT_LENGTH)),
              Bytes.of(Arrays.copyOfRange(content, KEY_HINT_LENGTH, content.length))));
    }
    requireFewByOneKey(signatures);
    return signatures;
  }

  private static void requireFewByOneKey(List<NoteSignature> signatures) {
    Map<Bytes, Integer> numbers = new HashMap<>();
    for (NoteSignature signature : signatures) {
      if (numbers.merge(signature.keyHint(), 1, Integer::sum) > MAX_BY_ONE_KEY) {
        throw new IllegalArgumentException(
            "expected at most " + MAX_BY_ONE_KEY + " signatures by one key, found more");
      }
    }
  }

  /**
   * Whether a log signed it. The log is identified by its key and not by its name, which anybody
   * can use.
   */
  boolean isSignedBy(TrustedLog log) throws GeneralSecurityException {
    Bytes message = Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    for (NoteSignature candidate : signatures) {
      if (candidate.keyHint().equals(log.checkpointKeyId())
          && log.hasSigned(message, candidate.signature())) {
        return true;
      }
    }
    return false;
  }
}
