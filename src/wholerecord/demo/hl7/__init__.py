"""HL7 v2.4 as an English acute trust sends it: segments, then messages.

Source: HL7 v2.4 chapters 2, 3 and 7; ITK HL7 v2 Message Specifications (NHS number in PID-3 with
authority NHS, its status in PID-32).
"""
