package dev.modelsigning.hostile;

import java.util.function.LongFunction;

/**
 * A kind of input with which an attacker wants to cause a high cost in time or memory.
 *
 * @param name what grows in it
 * @param maker makes one of about so many bytes
 */
public record HostileInput(String name, LongFunction<byte[]> maker) {

  /** One of about this many bytes. */
  public byte[] ofSize(long bytes) {
    return maker.apply(bytes);
  }
}
