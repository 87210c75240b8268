package dev.modelsigning.cli.testing;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;

/** Linux functions that Java does not provide. */
public interface LibC extends Library {

  int ESRCH = 3;
  int EINTR = 4;
  int EIO = 5;
  int ENOSPC = 28;

  int SIGINT = 2;
  int SIGKILL = 9;
  int SIGTERM = 15;

  int O_RDWR = 2;
  int O_CLOEXEC = 02000000;
  int MNT_DETACH = 2;

  /** The C library of this process. */
  static LibC load() {
    return Native.load("c", LibC.class);
  }

  int open(String path, int flags) throws LastErrorException;

  NativeLong read(int descriptor, byte[] buffer, NativeLong size) throws LastErrorException;

  NativeLong write(int descriptor, byte[] buffer, NativeLong size) throws LastErrorException;

  int close(int descriptor) throws LastErrorException;

  int mount(String source, String target, String type, NativeLong flags, String options)
      throws LastErrorException;

  int umount2(String target, int flags) throws LastErrorException;

  int kill(int process, int signal) throws LastErrorException;
}
