package dev.modelsigning.internal.keyfile;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import dev.modelsigning.internal.pkix.AlgorithmPolicy;
import dev.modelsigning.internal.pkix.RefusedAlgorithmException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads files with X.509 certificates and CRLs, in PEM or DER. */
public final class CertificateFile {

  /**
   * Usual certificates have 1 or 2 KiB; the cost of parsing and of comparing names grows with the
   * size.
   */
  private static final int MAX_CERTIFICATE_SIZE = 64 * 1024;

  /** The tag of an ASN.1 sequence, with which every certificate in DER begins, and no PEM file. */
  private static final int DER_SEQUENCE = 0x30;

  private CertificateFile() {}

  /**
   * Reads all certificates of a file, with keys of any kind: the user chose the file, and it may
   * contain more than is needed. Certificates that are not allowed are refused where they are used.
   *
   * @param file certificates in PEM and no other block, with arbitrary text around them, or one
   *     certificate in DER
   * @return the certificates in the order of the file, at least one
   * @throws IOException if the file cannot be read
   * @throws UnusableTrustException if it contains no certificate, or a malformed one
   */
  public static List<X509Certificate> read(Path file) throws IOException, UnusableTrustException {
    byte[] content = SmallFile.read(file, FileKind.CERTIFICATES);
    try {
      if (isDer(content)) {
        return List.of(read(content));
      }
      List<X509Certificate> certificates = new ArrayList<>();
      List<PemBlock> blocks = PemText.blocks(content);
      requireNotPrivateOnly(blocks, "certificate");
      for (PemBlock block : blocks) {
        certificates.add(certificate(block));
      }
      if (certificates.isEmpty()) {
        throw new PemException("holds no certificate" + insteadOf("CERTIFICATE"));
      }
      return certificates;
    } catch (PemException | CertificateException e) {
      throw new UnusableTrustException(Kind.CERTIFICATE, file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The readable certificates of a file.
   *
   * @param certificates the certificates, at least one
   * @param unreadable the errors of the others
   */
  public record ReadablePart(List<X509Certificate> certificates, List<Exception> unreadable) {

    /** Copies the lists. */
    public ReadablePart {
      certificates = List.copyOf(certificates);
      unreadable = List.copyOf(unreadable);
    }
  }

  /**
   * Reads those certificates of a file that can be read, for a file that is shared by all programs
   * of a machine: a certificate that only other programs can read is no reason to refuse the
   * others.
   *
   * @param file certificates in PEM, with any text around them, or one certificate in DER
   * @throws IOException if the file cannot be read
   * @throws UnusableTrustException if no certificate in it can be read, it contains a private key,
   *     or its block boundaries are damaged
   */
  public static ReadablePart readable(Path file) throws IOException, UnusableTrustException {
    byte[] content = SmallFile.read(file, FileKind.CERTIFICATES);
    if (isDer(content)) {
      return new ReadablePart(read(file), List.of());
    }
    List<X509Certificate> certificates = new ArrayList<>();
    List<Exception> unreadable = new ArrayList<>();
    try {
      for (PemBlock block : PemText.wholeBlocks(content, unreadable::add)) {
        if (block.isPrivateKey()) {
          throw unexpected(block, "certificates");
        }
        try {
          certificates.add(certificate(block));
        } catch (PemException | CertificateException e) {
          unreadable.add(e);
        }
      }
    } catch (PemException e) {
      throw new UnusableTrustException(Kind.CERTIFICATE, file + ": " + e.getMessage(), e);
    }
    if (certificates.isEmpty()) {
      // For the message about what the file contains instead.
      return new ReadablePart(read(file), List.of());
    }
    return new ReadablePart(certificates, unreadable);
  }

  private static X509Certificate certificate(PemBlock block)
      throws PemException, CertificateException {
    switch (block.label()) {
      case "CERTIFICATE", "X509 CERTIFICATE" -> {
        try {
          return read(block.content().toArray());
        } catch (CertificateException e) {
          throw new CertificateException("line " + block.line() + ": " + e.getMessage(), e);
        }
      }
      case "TRUSTED CERTIFICATE" ->
          throw block.refused(
              "holds a certificate in a form of OpenSSL's own; convert it with"
                  + " 'openssl x509 -in FILE -out NEW'");
      case "PKCS7", "CMS" ->
          throw block.refused(
              "holds certificates in PKCS #7; convert them with"
                  + " 'openssl pkcs7 -print_certs -in FILE -out NEW'");
      default -> throw unexpected(block, "certificates");
    }
  }

  private static void requireNotPrivateOnly(List<PemBlock> blocks, String expected)
      throws PemException {
    if (!blocks.isEmpty() && blocks.stream().allMatch(PemBlock::isPrivateKey)) {
      throw new PemException(
          "holds no " + expected + " but a private key; never hand it to those who verify");
    }
  }

  private static PemException unexpected(PemBlock block, String expected) {
    return block.isPrivateKey()
        ? block.refused(
            "holds a private key, expected "
                + expected
                + " and nothing else; never hand it to those who verify")
        : block.unexpected(expected);
  }

  /** Whether content is in DER; no text begins like that. */
  private static boolean isDer(byte[] content) {
    return content.length > 1 && content[0] == DER_SEQUENCE && content[1] < 0;
  }

  /**
   * Reads the certificate in a PEM text.
   *
   * @param pem the text, with one certificate and no other block
   * @throws CertificateException if it is anything else
   */
  public static X509Certificate parsePem(String pem) throws CertificateException {
    try {
      return parse(PemText.only(pem, "CERTIFICATE").content());
    } catch (PemException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }

  /**
   * Parses an untrusted certificate. Its key is checked before it reaches any parser of keys.
   *
   * @param der the certificate in DER, without trailing bytes
   * @throws CertificateException if it is not one, or its key is not allowed; the cause is a {@link
   *     RefusedAlgorithmException} then
   */
  public static X509Certificate parse(Bytes der) throws CertificateException {
    byte[] bytes = der.toArray();
    requireForm(bytes);
    try {
      AlgorithmPolicy.requireKeyOfCertificate(bytes);
    } catch (RefusedAlgorithmException e) {
      throw new CertificateException(e.getMessage(), e);
    }
    return read(bytes);
  }

  private static void requireForm(byte[] der) throws CertificateException {
    if (!isOneDerSequence(der)) {
      throw new CertificateException(
          "a certificate is damaged: expected one sequence in DER and nothing after it");
    }
    if (der.length > MAX_CERTIFICATE_SIZE) {
      throw new CertificateException(
          "expected a certificate of at most "
              + MAX_CERTIFICATE_SIZE
              + " bytes, found one of "
              + der.length);
    }
  }

  private static X509Certificate read(byte[] der) throws CertificateException {
    requireForm(der);
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der));
      if (Arrays.equals(certificate.getEncoded(), der)) {
        return certificate;
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new CertificateException(whyUnreadable(der), e);
    }
    throw new CertificateException("a certificate is damaged: it is not in DER");
  }

  /** The JDK reports a certificate as damaged if its key is on an unknown curve. */
  private static String whyUnreadable(byte[] der) {
    try {
      AlgorithmPolicy.requireKeyOfCertificate(der);
    } catch (RefusedAlgorithmException e) {
      return "a certificate cannot be used: " + e.getMessage();
    } catch (CertificateException e) {
      return String.valueOf(e.getMessage());
    }
    return "a certificate is damaged";
  }

  /**
   * Whether the bytes are exactly one sequence of definite length. The JDK's parser also accepts
   * PEM and indefinite lengths, nested to any depth.
   */
  private static boolean isOneDerSequence(byte[] der) {
    if (der.length < 2 || der[0] != DER_SEQUENCE) {
      return false;
    }
    int first = Byte.toUnsignedInt(der[1]);
    if (first < 0x80) {
      return der.length == 2 + first;
    }
    int lengthBytes = first - 0x80;
    if (lengthBytes < 1 || lengthBytes > 4 || der.length < 2 + lengthBytes) {
      return false;
    }
    long length = 0;
    for (int i = 0; i < lengthBytes; i++) {
      length = length << 8 | Byte.toUnsignedInt(der[2 + i]);
    }
    return der.length == 2 + lengthBytes + length;
  }

  /**
   * Reads all CRLs of a file.
   *
   * @param file CRLs in PEM and no other block, with arbitrary text around them, or one CRL in DER
   * @return the CRLs in the order of the file, at least one
   * @throws IOException if the file cannot be read
   * @throws UnusableTrustException if it contains no CRL, or a malformed one
   */
  public static List<X509CRL> readRevocationLists(Path file)
      throws IOException, UnusableTrustException {
    byte[] content = SmallFile.read(file, FileKind.REVOCATION_LIST);
    try {
      if (isDer(content)) {
        return List.of(parseRevocationList(content));
      }
      List<X509CRL> lists = new ArrayList<>();
      List<PemBlock> blocks = PemText.blocks(content);
      requireNotPrivateOnly(blocks, "revocation list");
      if (blocks.stream().noneMatch(block -> block.label().equals("X509 CRL"))) {
        throw new PemException("holds no revocation list" + insteadOf("X509 CRL"));
      }
      for (PemBlock block : blocks) {
        if (!block.label().equals("X509 CRL")) {
          throw unexpected(block, "revocation lists");
        }
        try {
          lists.add(parseRevocationList(block.content().toArray()));
        } catch (CRLException e) {
          throw new CRLException("line " + block.line() + ": " + e.getMessage(), e);
        }
      }
      return lists;
    } catch (PemException | CRLException e) {
      throw new UnusableTrustException(Kind.REVOCATION_LIST, file + ": " + e.getMessage(), e);
    }
  }

  private static X509CRL parseRevocationList(byte[] der) throws CRLException {
    if (!isOneDerSequence(der)) {
      throw new CRLException(
          "a revocation list is damaged: expected one sequence in DER and nothing after it");
    }
    try {
      X509CRL list =
          (X509CRL)
              CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
      if (Arrays.equals(list.getEncoded(), der)) {
        return list;
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new CRLException("a revocation list is damaged", e);
    }
    throw new CRLException("a revocation list is damaged: it is not in DER");
  }

  private static String insteadOf(String expected) {
    return ", expected a PEM block '-----BEGIN " + expected + "-----' or DER";
  }
}
