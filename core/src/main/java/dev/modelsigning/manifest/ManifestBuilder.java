package dev.modelsigning.manifest;

import dev.modelsigning.internal.table.DigestTable;
import dev.modelsigning.internal.table.NameTable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.internal.text.DigestText;
import dev.modelsigning.model.HashAlgorithm;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects the resources of a {@link Manifest} in the order in which they are listed, without an
 * object for each. Errors are reported at the end, for the first invalid resource.
 */
public final class ManifestBuilder {

  /** The signer chose the length of the first digest. */
  private static final int MAX_DIGEST = 64;

  private final NameTable names = new NameTable();
  private @Nullable DigestTable digests;
  private @Nullable Problem badName;
  private @Nullable Problem badDigit;
  private int oddIndex = -1;
  private int oddDigits;

  /** Creates a builder without resources. */
  public ManifestBuilder() {}

  /**
   * An error in a resource.
   *
   * @param index the index of the resource, from 0
   * @param message what is wrong
   */
  public record Problem(int index, String message) {}

  /**
   * Adds a resource.
   *
   * @param name an array that begins with the bytes of its name, valid UTF-8
   * @param nameLength number of these bytes
   * @param hex an array that begins with the digest as written, which should be lower-case
   *     hexadecimal
   * @param hexLength number of these bytes
   */
  public void add(byte[] name, int nameLength, byte[] hex, int hexLength) {
    int index = names.count();
    if (badName == null) {
      String problem = CanonicalPath.problem(name, nameLength);
      if (problem != null && !(nameLength == 1 && name[0] == '.')) {
        badName = new Problem(index, CanonicalPath.notCanonical(name, nameLength, problem));
      }
    }
    names.add(name, 0, nameLength);
    if (digests == null) {
      digests = new DigestTable(Math.min(MAX_DIGEST, hexLength / 2));
    }
    byte[] digest = new byte[digests.length()];
    if (hexLength != 2 * digest.length) {
      if (oddIndex < 0) {
        oddIndex = index;
        oddDigits = hexLength;
      }
    } else if (!decode(hex, digest) && badDigit == null) {
      badDigit = new Problem(index, DigestText.NOT_HEXADECIMAL);
    }
    digests.add(digest);
  }

  private static boolean decode(byte[] hex, byte[] digest) {
    int wrong = 0;
    for (int i = 0; i < digest.length; i++) {
      int high = digit(hex[2 * i]);
      int low = digit(hex[2 * i + 1]);
      wrong |= high | low;
      digest[i] = (byte) (high << 4 | low);
    }
    return wrong >= 0;
  }

  private static int digit(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }

  /** Adds a resource that is known to be valid. */
  void add(byte[] name, byte[] digest) {
    names.add(name, 0, name.length);
    if (digests == null) {
      digests = new DigestTable(digest.length);
    }
    digests.add(digest);
  }

  /** The number of resources so far. */
  public int size() {
    return names.count();
  }

  /**
   * The error in the first resource whose name is not canonical (OMS 6.1.2), or whose digest is not
   * a digest of this algorithm in lower-case hexadecimal (OMS 6.3.1).
   */
  public Optional<Problem> problem(HashAlgorithm algorithm) {
    Problem first = badDigit;
    if (digests != null && digests.length() != algorithm.digestLength()) {
      int digits = oddIndex == 0 ? oddDigits : 2 * digests.length();
      first = new Problem(0, wrongLength(algorithm, digits));
    } else if (oddIndex >= 0 && (first == null || oddIndex <= first.index())) {
      first = new Problem(oddIndex, wrongLength(algorithm, oddDigits));
    }
    return Optional.ofNullable(
        badName != null && (first == null || badName.index() < first.index()) ? badName : first);
  }

  private static String wrongLength(HashAlgorithm algorithm, int digits) {
    return DigestText.wrongLength(algorithm.id(), 2 * algorithm.digestLength(), digits);
  }

  /**
   * Returns the manifest of these resources. The builder must not be used afterwards.
   *
   * @throws IllegalArgumentException if there is a {@linkplain #problem}, there are no resources, a
   *     name occurs twice, or shards have gaps or overlap
   */
  public Manifest build(Serialization serialization) {
    Optional<Problem> problem = problem(serialization.hashAlgorithm());
    if (problem.isPresent()) {
      throw new IllegalArgumentException(problem.get().message());
    }
    return new Manifest(serialization, names, digests(serialization), null);
  }

  /** Returns the manifest of these resources in canonical order. */
  Manifest buildSorted(Serialization serialization) {
    int[] order = names.firstNotAscending() < 0 ? null : names.order();
    return new Manifest(serialization, names, digests(serialization), order);
  }

  private DigestTable digests(Serialization serialization) {
    return digests == null
        ? new DigestTable(serialization.hashAlgorithm().digestLength())
        : digests;
  }
}
