/** What answers look like. Fields may be added. */
export const schemas = {
  stored: {
    type: 'object',
    required: ['status'],
    properties: {
      status: {
        enum: ['accepted', 'quarantined'],
        description: '`quarantined`: it is stored, and a person has to look at it. `code` and `message` say why.',
      },
      code: { type: 'string' },
      message: { type: 'string' },
    },
  },
  problem: {
    type: 'object',
    required: ['statusCode', 'code', 'error', 'message'],
    properties: {
      statusCode: { type: 'integer', description: 'The status of the answer once more.' },
      code: { type: 'string', description: 'Stable: programs and support may rely on it.' },
      error: { type: 'string', description: "The status in HTTP's own words." },
      message: { type: 'string', description: 'What is wrong and what to do, for people. Its words may change.' },
    },
  },
  health: {
    type: 'object',
    required: ['status'],
    properties: { status: { enum: ['ok', 'unavailable'] } },
  },
} as const
