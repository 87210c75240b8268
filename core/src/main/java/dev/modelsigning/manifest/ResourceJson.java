package dev.modelsigning.manifest;

import dev.modelsigning.internal.table.DigestTable;
import dev.modelsigning.internal.table.NameTable;
import dev.modelsigning.model.HashAlgorithm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes resources as JSON, many at a time, without an object for each (OMS 5.2.1). */
final class ResourceJson {

  private static final int BLOCK = 48 * 1024;

  private final OutputStream out;
  private final Manifest.NameQuotation quotation;
  private final byte[] open = utf8("{\"name\":");
  private final byte[] middle;
  private final byte[] block = new byte[BLOCK];
  private byte[] hex = new byte[0];
  private int used;
  private boolean begun;

  ResourceJson(OutputStream out, HashAlgorithm algorithm, Manifest.NameQuotation quotation) {
    this.out = out;
    this.quotation = quotation;
    this.middle = utf8(",\"algorithm\":\"" + algorithm.id() + "\",\"digest\":\"");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Writes one resource, and a comma before it unless it is the first. */
  void add(NameTable names, DigestTable digests, int row) throws IOException {
    if (begun) {
      put(',');
    }
    begun = true;
    put(open, open.length);
    putName(names, row);
    put(middle, middle.length);
    if (hex.length != 2 * digests.length()) {
      hex = new byte[2 * digests.length()];
    }
    digests.writeHex(row, hex, 0);
    put(hex, hex.length);
    put('"');
    put('}');
  }

  private void putName(NameTable names, int row) throws IOException {
    int length = names.length(row);
    if (length > BLOCK || names.needsEscapes(row)) {
      byte[] quoted = quotation.quote(names.text(row));
      put(quoted, quoted.length);
      return;
    }
    put('"');
    reserve(length);
    names.copy(row, block, used);
    used += length;
    put('"');
  }

  private void put(char ascii) throws IOException {
    reserve(1);
    block[used++] = (byte) ascii;
  }

  private void put(byte[] bytes, int length) throws IOException {
    if (length > BLOCK) {
      end();
      out.write(bytes, 0, length);
      return;
    }
    reserve(length);
    System.arraycopy(bytes, 0, block, used, length);
    used += length;
  }

  private void reserve(int length) throws IOException {
    if (BLOCK - used < length) {
      end();
    }
  }

  /** Writes the rest. */
  void end() throws IOException {
    out.write(block, 0, used);
    used = 0;
  }
}
