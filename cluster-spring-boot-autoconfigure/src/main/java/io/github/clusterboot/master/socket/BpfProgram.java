package io.github.clusterboot.master.socket;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.Socket;

/**
 * A program of the classic packet filter, which the kernel runs for a socket, see
 * {@code socket(7)} and the kernel's {@code networking/filter} documentation. An
 * instruction is a {@code struct sock_filter} of {@code linux/filter.h}:
 *
 * <pre>
 *  0       2       3       4               8
 * +-------+-------+-------+---------------+
 * | code  | jump  | jump  | operand       |
 * |       | if    | if not|               |
 * +-------+-------+-------+---------------+
 * </pre>
 */
final class BpfProgram {

	private static final int SOL_SOCKET = 1;

	private static final int INSTRUCTION_SIZE = 8;

	/** {@code BPF_LD | BPF_B | BPF_ABS}: load the byte at the operand. */
	private static final int LOAD_BYTE = 0x30;

	/** {@code BPF_LD | BPF_W | BPF_ABS}: load the word at the operand. */
	private static final int LOAD_WORD = 0x20;

	/** {@code BPF_ALU | BPF_MOD | BPF_K}: divide by the operand, keep the remainder. */
	private static final int REMAINDER = 0x94;

	/** {@code BPF_JMP | BPF_JSET | BPF_K}: jump if a bit of the operand is set. */
	private static final int JUMP_IF_SET = 0x45;

	/** {@code BPF_JMP | BPF_JEQ | BPF_K}: jump if equal to the operand. */
	private static final int JUMP_IF_EQUAL = 0x15;

	/** {@code BPF_RET | BPF_K}: end with the operand as the result. */
	private static final int RETURN = 0x06;

	/**
	 * {@code SKF_AD_OFF + SKF_AD_RANDOM}: not a byte of the packet, but a random number.
	 */
	private static final int RANDOM = -0x1000 + 56;

	private final ByteBuffer instructions;

	/**
	 * Create a program without instructions.
	 * @param size how many instructions there will be
	 */
	BpfProgram(int size) {
		this.instructions = direct(size * INSTRUCTION_SIZE);
	}

	private static ByteBuffer direct(int size) {
		return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
	}

	/**
	 * Load a byte.
	 * @param offset where it is in the packet
	 * @return this
	 */
	BpfProgram loadByte(int offset) {
		return add(LOAD_BYTE, 0, offset);
	}

	/**
	 * Load a random number.
	 * @return this
	 */
	BpfProgram loadRandom() {
		return add(LOAD_WORD, 0, RANDOM);
	}

	/**
	 * Replace what is loaded by its remainder.
	 * @param divisor what to divide by
	 * @return this
	 */
	BpfProgram remainder(int divisor) {
		return add(REMAINDER, 0, divisor);
	}

	/**
	 * End with a result if one of some bits of what is loaded is set.
	 * @param bits the bits
	 * @param result the result
	 * @return this
	 */
	BpfProgram endIfSet(int bits, int result) {
		return add(JUMP_IF_SET, 1, bits).end(result);
	}

	/**
	 * End with a result if what is loaded is equal to a number.
	 * @param number the number
	 * @param result the result
	 * @return this
	 */
	BpfProgram endIfEqual(int number, int result) {
		return add(JUMP_IF_EQUAL, 1, number).end(result);
	}

	/**
	 * End with a result.
	 * @param result the result
	 * @return this
	 */
	BpfProgram end(int result) {
		return add(RETURN, 0, result);
	}

	private BpfProgram add(int code, int jumpIfNot, int operand) {
		this.instructions.putShort((short) code).put((byte) 0).put((byte) jumpIfNot).putInt(operand);
		return this;
	}

	/**
	 * Attach the program.
	 * @param socket the socket
	 * @param option the socket option that says what the program is for
	 * @throws IOException if the kernel refuses it: since Linux 6.18 a TCP socket takes
	 * none without {@code CAP_NET_ADMIN}, and seccomp and gVisor may refuse it, too
	 */
	void attach(Socket socket, int option) throws IOException {
		try {
			socket.setRawOpt(SOL_SOCKET, option, header());
		}
		catch (ChannelException ex) {
			// this is how Netty tells of setsockopt(2)
			throw new IOException(ex.getMessage(), ex);
		}
		finally {
			// the kernel has read the program through its bare address
			Reference.reachabilityFence(this.instructions);
		}
	}

	/**
	 * Return a {@code struct sock_fprog}: the number of instructions, and where they are.
	 */
	private ByteBuffer header() {
		ByteBuffer header = direct(2 * Long.BYTES);
		header.putShort(0, (short) (this.instructions.position() / INSTRUCTION_SIZE));
		header.putLong(Long.BYTES, Buffer.memoryAddress(this.instructions));
		return header;
	}

}
