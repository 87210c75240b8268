package dev.modelsigning.internal.keyfile;

import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PBMAC1Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * Limits the cost of deriving a key from a password (PKCS #5, PKCS #12, RFC 7914). The file
 * determines the amount of work, which could otherwise take days.
 */
final class KeyDerivation {

  /** A hundred times the usual number; takes some seconds. */
  static final int MAX_ITERATIONS = 10_000_000;

  private static final long MEBIBYTE = 1024 * 1024;

  /** The memory that scrypt allocates in bytes, 128 * N * r. */
  private static final long MAX_SCRYPT_MEMORY = 256 * MEBIBYTE;

  /** The amount of memory that scrypt processes in bytes, 128 * N * r * p. */
  private static final long MAX_SCRYPT_WORK = 1024 * MEBIBYTE;

  /**
   * The number of bytes that scrypt processes in about the time of an iteration of the other
   * functions.
   */
  private static final long SCRYPT_BYTES_PER_ITERATION = 2 * MAX_SCRYPT_WORK / MAX_ITERATIONS + 1;

  private static final int MAX_KEY_LENGTH = 64;

  private KeyDerivation() {}

  /**
   * Refuses a password-based encryption or authentication that is too expensive, before any key is
   * derived.
   *
   * @return the number of iterations; for scrypt the number that takes about the same time
   * @throws PemException if it is too expensive, unknown, or malformed
   */
  static int requireBounded(AlgorithmIdentifier algorithm) throws PemException {
    try {
      return bounded(algorithm);
    } catch (RuntimeException e) {
      // The ASN.1 parser throws various unchecked exceptions for malformed input.
      throw new PemException("the parameters of its encryption are damaged", e);
    }
  }

  private static int bounded(AlgorithmIdentifier algorithm) throws PemException {
    ASN1ObjectIdentifier id = algorithm.getAlgorithm();
    if (id.equals(PKCSObjectIdentifiers.id_PBES2)) {
      KeyDerivationFunc function =
          PBES2Parameters.getInstance(algorithm.getParameters()).getKeyDerivationFunc();
      return boundedFunction(
          new AlgorithmIdentifier(function.getAlgorithm(), function.getParameters()));
    }
    if (id.equals(PKCSObjectIdentifiers.id_PBMAC1)) {
      return boundedFunction(
          PBMAC1Params.getInstance(algorithm.getParameters()).getKeyDerivationFunc());
    }
    if (isPbes1(id) || id.on(PKCSObjectIdentifiers.pkcs_12PbeIds)) {
      ASN1Sequence parameters = ASN1Sequence.getInstance(algorithm.getParameters());
      requireSize(parameters, 2, 2);
      ASN1OctetString.getInstance(parameters.getObjectAt(0));
      return iterations(
          ASN1Integer.getInstance(parameters.getObjectAt(1)).getValue(),
          id.on(PKCSObjectIdentifiers.pkcs_12PbeIds) ? "PKCS #12" : "PBES1");
    }
    throw unusual(id);
  }

  private static int boundedFunction(AlgorithmIdentifier function) throws PemException {
    ASN1ObjectIdentifier id = function.getAlgorithm();
    if (id.equals(PKCSObjectIdentifiers.id_PBKDF2)) {
      PBKDF2Params parameters = PBKDF2Params.getInstance(function.getParameters());
      if (parameters.getKeyLength() != null) {
        requireKeyLength(parameters.getKeyLength());
      }
      return iterations(parameters.getIterationCount(), "PBKDF2");
    }
    if (id.equals(MiscObjectIdentifiers.id_scrypt)) {
      return boundedScrypt(ASN1Sequence.getInstance(function.getParameters()));
    }
    throw unusual(id);
  }

  private static PemException unusual(ASN1ObjectIdentifier id) {
    return new PemException(
        "is encrypted in an unusual way: expected PBES2 with PBKDF2 or scrypt, found the algorithm "
            + PasswordDecryption.named(id));
  }

  /** PKCS #5 version 1.5: MD2, MD5 or SHA-1 with DES or RC2. */
  static boolean isPbes1(ASN1ObjectIdentifier id) {
    return id.equals(PKCSObjectIdentifiers.pbeWithMD2AndDES_CBC)
        || id.equals(PKCSObjectIdentifiers.pbeWithMD2AndRC2_CBC)
        || id.equals(PKCSObjectIdentifiers.pbeWithMD5AndDES_CBC)
        || id.equals(PKCSObjectIdentifiers.pbeWithMD5AndRC2_CBC)
        || id.equals(PKCSObjectIdentifiers.pbeWithSHA1AndDES_CBC)
        || id.equals(PKCSObjectIdentifiers.pbeWithSHA1AndRC2_CBC);
  }

  /**
   * Checks a number of iterations.
   *
   * @param scheme the name of the scheme, for messages
   */
  static int iterations(BigInteger count, String scheme) throws PemException {
    if (count.signum() <= 0 || count.compareTo(BigInteger.valueOf(MAX_ITERATIONS)) > 0) {
      throw new PemException(
          "asks for "
              + shown(count)
              + " iterations of "
              + scheme
              + " to derive a key, expected 1 to "
              + MAX_ITERATIONS
              + "; encrypt it anew with fewer");
    }
    return count.intValueExact();
  }

  private static int boundedScrypt(ASN1Sequence parameters) throws PemException {
    requireSize(parameters, 4, 5);
    ASN1OctetString.getInstance(parameters.getObjectAt(0));
    BigInteger n = ASN1Integer.getInstance(parameters.getObjectAt(1)).getValue();
    BigInteger r = ASN1Integer.getInstance(parameters.getObjectAt(2)).getValue();
    BigInteger p = ASN1Integer.getInstance(parameters.getObjectAt(3)).getValue();
    if (parameters.size() == 5) {
      requireKeyLength(ASN1Integer.getInstance(parameters.getObjectAt(4)).getValue());
    }
    if (n.bitCount() != 1 || n.signum() <= 0 || r.signum() <= 0 || p.signum() <= 0) {
      throw new PemException(
          "the parameters of scrypt are wrong: N="
              + shown(n)
              + " r="
              + shown(r)
              + " p="
              + shown(p));
    }
    BigInteger memory = n.multiply(r).shiftLeft(7);
    requireAtMost(memory, MAX_SCRYPT_MEMORY, "of memory");
    BigInteger work = memory.multiply(p);
    requireAtMost(work, MAX_SCRYPT_WORK, "of memory to go through");
    return Math.toIntExact(work.longValueExact() / SCRYPT_BYTES_PER_ITERATION);
  }

  private static void requireAtMost(BigInteger bytes, long most, String what) throws PemException {
    if (bytes.compareTo(BigInteger.valueOf(most)) > 0) {
      throw new PemException(
          "asks for "
              + shown(bytes.shiftRight(20))
              + " MiB "
              + what
              + " to derive a key by scrypt, expected at most "
              + most / MEBIBYTE
              + " MiB; encrypt it anew with smaller parameters");
    }
  }

  private static void requireKeyLength(BigInteger length) throws PemException {
    if (length.signum() <= 0 || length.compareTo(BigInteger.valueOf(MAX_KEY_LENGTH)) > 0) {
      throw new PemException(
          "asks for a derived key of " + shown(length) + " bytes, expected 1 to " + MAX_KEY_LENGTH);
    }
  }

  private static void requireSize(ASN1Sequence sequence, int least, int most) throws PemException {
    if (sequence.size() < least || sequence.size() > most) {
      throw new PemException("the parameters of its encryption are damaged");
    }
  }

  /** An untrusted number, which can be as long as the file, shortened for messages. */
  private static String shown(BigInteger number) {
    return number.bitLength() < 64 ? number.toString() : "more than 2^63";
  }
}
