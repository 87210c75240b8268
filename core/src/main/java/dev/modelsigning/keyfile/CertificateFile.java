package dev.modelsigning.keyfile;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.pkix.AlgorithmPolicy;
import dev.modelsigning.pkix.RefusedAlgorithmException;
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
import org.bouncycastle.util.io.pem.PemObject;

/** Reads files with X.509 certificates and revocation lists, in PEM or DER. */
public final class CertificateFile {

  /** Enough for the certificates of all public authorities together. */
  private static final int MAX_SIZE = 16 * 1024 * 1024;

  /** Real ones have 1 or 2 KiB; what a parser and names cost grows with it. */
  private static final int MAX_CERTIFICATE_SIZE = 64 * 1024;

  private static final int MAX_CRL_SIZE = 256 * 1024 * 1024;

  /** The tag of an ASN.1 sequence, with which every certificate in DER begins, and no PEM file. */
  private static final int DER_SEQUENCE = 0x30;

  private CertificateFile() {}

  /**
   * Reads all certificates of a file, with keys of any kind: the file was chosen by the user, and
   * may hold more than is needed. What is not allowed is refused where it is used.
   *
   * @param file certificates in PEM, with any text around them, or one certificate in DER
   * @return the certificates in the order of the file, at least one
   * @throws IOException if the file cannot be read
   * @throws CertificateException if it holds no certificate, or a damaged one
   */
  public static List<X509Certificate> read(Path file) throws IOException, CertificateException {
    byte[] content = PemFile.bytes(file, "file with certificates", MAX_SIZE);
    try {
      if (content.length > 0 && content[0] == DER_SEQUENCE) {
        return List.of(read(content));
      }
      List<X509Certificate> certificates = new ArrayList<>();
      List<PemObject> blocks = PemFile.blocks(PemFile.text(content));
      for (PemObject block : blocks) {
        switch (block.getType()) {
          case "CERTIFICATE", "X509 CERTIFICATE" -> certificates.add(read(block.getContent()));
          case "TRUSTED CERTIFICATE" ->
              throw new PemException(
                  "holds a certificate in a form of OpenSSL's own; convert it with"
                      + " 'openssl x509 -in FILE -out NEW'");
          default -> {}
        }
      }
      if (certificates.isEmpty()) {
        throw new PemException("holds no certificate" + insteadOf(blocks, "CERTIFICATE"));
      }
      return certificates;
    } catch (PemException | CertificateException e) {
      throw new CertificateException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads a certificate from anybody. Its key is judged before any parser of keys sees it.
   *
   * @param der the certificate in DER, with nothing behind it
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
          "a certificate is damaged: expected one sequence in DER and nothing behind it");
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
      throw new CertificateException("a certificate is damaged", e);
    }
    throw new CertificateException("a certificate is damaged: it is not in DER");
  }

  /**
   * Whether bytes are a sequence of definite length, all of them. The JDK's parser takes PEM and
   * indefinite lengths too, and nested ones without end.
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
    if (lengthBytes < 1 || lengthBytes > 3 || der.length < 2 + lengthBytes) {
      return false;
    }
    int length = 0;
    for (int i = 0; i < lengthBytes; i++) {
      length = length << 8 | Byte.toUnsignedInt(der[2 + i]);
    }
    return der.length == 2 + lengthBytes + length;
  }

  /**
   * Reads all revocation lists of a file.
   *
   * @param file lists in PEM, with any text around them, or one list in DER
   * @return the lists in the order of the file, at least one
   * @throws IOException if the file cannot be read
   * @throws CRLException if it holds no list, or a damaged one
   */
  public static List<X509CRL> readRevocationLists(Path file) throws IOException, CRLException {
    byte[] content = PemFile.bytes(file, "revocation list", MAX_CRL_SIZE);
    try {
      if (content.length > 0 && content[0] == DER_SEQUENCE) {
        return List.of(parseRevocationList(content));
      }
      List<X509CRL> lists = new ArrayList<>();
      List<PemObject> blocks = PemFile.blocks(PemFile.text(content));
      for (PemObject block : blocks) {
        if (block.getType().equals("X509 CRL")) {
          lists.add(parseRevocationList(block.getContent()));
        }
      }
      if (lists.isEmpty()) {
        throw new PemException("holds no revocation list" + insteadOf(blocks, "X509 CRL"));
      }
      return lists;
    } catch (PemException | CRLException e) {
      throw new CRLException(file + ": " + e.getMessage(), e);
    }
  }

  private static X509CRL parseRevocationList(byte[] der) throws CRLException {
    try {
      return (X509CRL)
          CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new CRLException("a revocation list is damaged", e);
    }
  }

  private static String insteadOf(List<PemObject> found, String expected) {
    if (found.stream().anyMatch(block -> block.getType().endsWith("PRIVATE KEY"))) {
      return " but a private key; never hand it to those who verify";
    }
    return ", expected a PEM block '-----BEGIN " + expected + "-----' or DER";
  }
}
